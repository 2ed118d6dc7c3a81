export const hourMs = 3_600_000;
export const hoursPerDay = 24;
/** 24 hours, whatever the clocks of a place do. */
export const dayMs = hoursPerDay * hourMs;
