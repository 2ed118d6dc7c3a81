/** The first thing that a schema finds wrong with a text, at its line and in words. Pure. */
import type { z } from 'zod';
import { texts } from '../../../shared/texts/texts.ts';
import { closest } from '../../base/closest.ts';
import type { StrictYaml, YamlPath } from './strict-yaml.ts';

const words = texts.policyText;

/** @param known members that may have been meant by an unknown one */
export function failed(
  error: z.ZodError,
  { value, lineOf }: Extract<StrictYaml, { ok: true }>,
  known: readonly string[],
): { readonly ok: false; readonly line: number; readonly why: string } {
  // A typing error makes what was meant missing too: it is the cause.
  const issue = error.issues.find(({ code }) => code === 'unrecognized_keys') ?? error.issues[0];
  const path = issue?.path ?? [];
  if (issue?.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    return { ok: false, line: lineOf([...path, name]), why: words.notKnown(name, closest(name, known)) };
  }
  return { ok: false, line: lineOf(path), why: whyOf(issue, value) };
}

/** @param value what was looked at */
export function whyOf(issue: z.core.$ZodIssue | undefined, value: unknown): string {
  const path = issue?.path ?? [];
  const isMissing = path.length > 0 && valueAt(value, path) === undefined;
  return words.member(path.map(String).join('.'), isMissing ? words.missing : whyWrong(issue));
}

function whyWrong(issue: z.core.$ZodIssue | undefined): string {
  // A schema's own words for this are for programmers.
  if (issue?.code === 'invalid_value') return words.oneOf(issue.values.map(String));
  const form = issue?.code === 'invalid_type' ? words.forms[issue.expected] : undefined;
  return form === undefined ? (issue?.message ?? words.wrongForm) : words.mustBe(form);
}

function valueAt(value: unknown, path: YamlPath): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[part];
  }
  return at;
}
