/** Bolt's receivers import the OAuth server at module scope; a Worker would answer its routes with Hono. */
export class InstallProvider {}
