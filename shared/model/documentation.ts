/** Where the clients say how they are configured. The desktop opens pages of these hosts and of no others. */
export const documentation = [
  { name: 'conda', url: 'https://docs.conda.io/projects/conda/en/stable/user-guide/configuration/' },
  { name: 'pixi', url: 'https://pixi.sh/latest/deployment/authentication/' },
  { name: 'pip', url: 'https://pip.pypa.io/en/stable/topics/configuration/' },
  { name: 'uv', url: 'https://docs.astral.sh/uv/configuration/indexes/' },
  { name: 'Python packaging', url: 'https://packaging.python.org/en/latest/' },
] as const;
