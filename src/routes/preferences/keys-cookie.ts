/** Where the keys of one person are kept: people who share a browser have each their own. */
export const keysCookie = (user: number): string => `keys-${user}`;
