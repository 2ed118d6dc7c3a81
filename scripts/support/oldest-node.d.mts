/** As `20.18.1`. */
export const oldestNode: string;
