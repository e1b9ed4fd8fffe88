/** What is used of Swagger UI, whose package brings no types (swagger.io/docs/open-source-tools/swagger-ui). */

/** Immutable.js, as Swagger UI hands it over. */
export interface Operation {
  get: (key: "method" | "path") => string;
  getIn: (keys: readonly string[]) => string | undefined;
}
export interface List {
  size: number;
  filter: (fits: (operation: Operation) => boolean) => List;
}
interface Tag {
  get: (key: "operations") => List;
  update: (key: "operations", to: (operations: List) => List) => Tag;
}
export interface Map {
  map: (to: (tag: Tag) => Tag) => Map;
  filter: (fits: (tag: Tag) => boolean) => Map;
}

type Props = { text?: string };
type Component = (props: Props) => unknown;

/** React, as Swagger UI brings it. */
export interface System {
  React: {
    createElement: (of: string | Component, props: object | null, ...children: unknown[]) => unknown;
  };
}

export type Plugin = (system: System) => {
  fn?: { opsFilter: (tags: Map, phrase: string) => Map };
  components?: Record<string, Component>;
  wrapComponents?: Record<string, (original: Component, system: System) => Component>;
};

export interface Request {
  url: string;
  headers: Record<string, string>;
}

interface Options {
  dom_id: string;
  url: string;
  deepLinking: boolean;
  filter: boolean;
  plugins: readonly Plugin[];
  displayRequestDuration: boolean;
  syntaxHighlight: { activated: boolean };
  persistAuthorization: boolean;
  defaultModelsExpandDepth: number;
  defaultModelExpandDepth: number;
  requestInterceptor: (request: Request) => Request;
}
