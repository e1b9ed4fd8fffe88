import { certification } from "./certification.ts";
import { education } from "./education.ts";
import type { Entity } from "./entity.ts";
import { experience } from "./experience.ts";
import { profile } from "./profile.ts";
import { project } from "./project.ts";
import { technology } from "./technology.ts";

export const entities = { technology, project, experience, education, certification, profile } as const;

export type EntityType = keyof typeof entities;

export const entityTypes = Object.keys(entities) as EntityType[];

export const isEntityType = (text: string): text is EntityType => Object.hasOwn(entities, text);

export const entityOf = (type: EntityType): Entity<EntityType> => entities[type];
