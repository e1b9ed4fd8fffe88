import type { FieldValues } from "../../shared/domain/portfolio/entity.ts";
import { entityOf, type EntityType } from "../../shared/domain/portfolio/registry.ts";
import { sha256Hex } from "../../shared/digest.ts";
import { embeddingModel } from "../../shared/targets/embedding.ts";
import type { RowName } from "../service/rows.ts";

export interface Content {
  name: string;
  text: string;
  /** Changes with the text and with the model that embeds it. */
  contentHash: string;
}

/** The indexed content of a row. */
export const contentOf = async (entityType: EntityType, values: FieldValues): Promise<Content> => {
  const entity = entityOf(entityType);
  const text = entity.embeddingText(values);
  return { name: entity.displayName(values), text, contentHash: await sha256Hex(`${embeddingModel}\n${text}`) };
};

/** 64 hex digits, the maximum length of an id in Vectorize (developers.cloudflare.com/vectorize/platform/limits). */
export const vectorIdOf = (portfolioId: string, { entityType, id }: RowName): Promise<string> =>
  sha256Hex(`${portfolioId}/${entityType}/${id}`);
