/** How the gateway names itself to upstreams; the same as in package.json, which a test holds. */
export const productVersion = '0.1.0';
