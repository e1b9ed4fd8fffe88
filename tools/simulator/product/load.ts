import { pathToFileURL } from "node:url";
import type { Product } from "./product.ts";

/** Loads a bundle. Define the globals first (platform/surroundings.ts). */
export const loadProduct = async (file: string): Promise<Product> => {
  const url = pathToFileURL(file).href;
  return (await import(/* @vite-ignore */ url)) as Product;
};
