export const hourMs = 3_600_000;
/** 24 hours, whatever the clocks of a place do. */
export const dayMs = 24 * hourMs;
