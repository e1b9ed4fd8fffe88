import type { FieldValues } from "../../shared/domain/portfolio/entity.ts";
import { entityOf, type EntityType } from "../../shared/domain/portfolio/registry.ts";
import { sha256Hex } from "../../shared/digest.ts";
import { embeddingModel } from "../../shared/targets/embedding.ts";
import { passagesOf } from "../../shared/targets/passages.ts";
import type { RowName } from "../service/rows.ts";

export interface Content {
  name: string;
  text: string;
  /** Changes with the text, and with the model and the way in which it is embedded. */
  contentHash: string;
}

/** The indexed content of a row. */
export const contentOf = async (entityType: EntityType, values: FieldValues): Promise<Content> => {
  const entity = entityOf(entityType);
  const text = entity.embeddingText(values);
  // A vector of a long text from before it was embedded in passages is one of the text's beginning alone.
  const way = passagesOf(text).length === 1 ? embeddingModel : `${embeddingModel} in passages`;
  return { name: entity.displayName(values), text, contentHash: await sha256Hex(`${way}\n${text}`) };
};

/** 64 hex digits, the maximum length of an id in Vectorize (developers.cloudflare.com/vectorize/platform/limits). */
export const vectorIdOf = (portfolioId: string, { entityType, id }: RowName): Promise<string> =>
  sha256Hex(`${portfolioId}/${entityType}/${id}`);
