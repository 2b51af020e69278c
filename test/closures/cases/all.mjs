/** All cases, named `group: case`, but those of a module that awaits, which CommonJS cannot hold. */
import { cases as cells } from './cells.mjs';
import { cases as classes } from './classes.mjs';
import { cases as data } from './data.mjs';
import { cases as errors } from './errors.mjs';
import { cases as functions } from './functions.mjs';
import { cases as hazards } from './hazards.mjs';
import { cases as identity } from './identity.mjs';
import { cases as pools } from './pools.mjs';
import { cases as privateMembers } from './private-members.mjs';
import { cases as references } from './references.mjs';
import { cases as refusals } from './refusals.mjs';
import { cases as variables } from './variables.mjs';

const groups = {
  variables,
  functions,
  cells,
  classes,
  'private members': privateMembers,
  references,
  data,
  identity,
  errors,
  refusals,
  hazards,
  pools,
};

export const cases = Object.entries(groups).flatMap(([group, list]) =>
  list.map((each) => ({ ...each, name: `${group}: ${each.name}` })),
);
