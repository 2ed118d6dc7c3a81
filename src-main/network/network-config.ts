/** How this computer reaches the network: plain data, so that it can be posted to the gateway's process. */
export type NetworkConfig = {
  /** Whether certificates that the system trusts count beside those that Node brings. */
  readonly useSystemStore: boolean;
  /** Certificates of further authorities, PEM. */
  readonly caPem?: string;
  readonly proxy?: ProxyConfig;
  /** What is wrong with the settings, as a sentence: nothing is connected to until it is mended. */
  readonly problem?: string;
};

export type ProxyConfig = {
  /** `http://host:port` or `https://host:port`, without credentials. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Hosts that are reached without it: `host`, `.suffix`, either with `:port`, or blocks of addresses. */
  readonly noProxy: readonly string[];
};

export const directNetwork: NetworkConfig = { useSystemStore: true };
