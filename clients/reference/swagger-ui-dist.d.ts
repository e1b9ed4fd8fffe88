declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  const SwaggerUI: (options: import("./swagger-ui.d.ts").Options) => unknown;
  export default SwaggerUI;
}
