/** Numbers that many views have. */
import { z } from 'zod';

export const atMs = z.number().int().nonnegative();
export const count = z.number().int().nonnegative();
