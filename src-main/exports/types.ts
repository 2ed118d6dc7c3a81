/** What an export is made from and what comes out. One renderer per client format; render.ts is the entry. */
import type { ExportFormatId } from '../../shared/model/export-formats.ts';
import type { ChannelKind } from '../../shared/model/domain.ts';

export type ExportChannel = { readonly name: string; readonly kind: ChannelKind };

export type ExportInput = {
  /** `http(s)://host[:port]`, without a slash at the end. */
  readonly gatewayUrl: string;
  readonly organizationName: string;
  readonly token: {
    readonly id: string;
    readonly holderName: string;
    readonly teamName: string;
    readonly environmentName: string;
    readonly expiresAtMs: number;
    /** Why the gateway refuses it for good; absent while it does not. */
    readonly ended?: 'revoked' | 'expired';
  };
  /** The whole token; undefined writes a placeholder, since nobody has the secret after the token was issued. */
  readonly secret: string | undefined;
  readonly channels: readonly ExportChannel[];
};

export type ExportLanguage =
  | 'yaml'
  | 'ini'
  | 'toml'
  | 'json'
  | 'shell'
  | 'python'
  | 'powershell'
  | 'dockerfile'
  | 'groovy'
  /** Lines `NAME=value` and nothing else. */
  | 'env'
  | 'text';

export type ExportFile = {
  readonly name: string;
  readonly content: string;
  /** Whether the real secret stands in it (never for a placeholder): such a file is written with mode 0600. */
  readonly containsSecret: boolean;
  readonly language: ExportLanguage;
};

export type ExportPlace = { readonly linux: string; readonly macos: string; readonly windows: string };

/** With which clients the files were used, or that no such client was to be had. */
export type Tried =
  | readonly { readonly client: string; readonly version: string }[]
  | 'not run: parsed by its documented rules';

/** A place, beside the files themselves, in which the token turns up. */
export type Leak = {
  readonly how: 'stored' | 'printed';
  /** Of what is stored: a path's end, with `*` for a name; of what is printed: a command. */
  readonly where: string;
};

/** What a renderer gives; the entry adds which format it is. */
export type Rendered = {
  readonly summary: string;
  readonly files: readonly ExportFile[];
  /** One per file, in the same order: where it belongs. */
  readonly where: readonly ExportPlace[];
  /** Proves that the configuration works; PACKAGE stands for a package of the channel. Holds no secret. */
  readonly checkCommand: string;
  readonly notes: readonly string[];
  /** Ways that keep the token out of files, to be shown first. Hold no secret: they ask for it. */
  readonly commands: readonly { readonly title: string; readonly command: string }[];
  readonly tried: Tried;
  /** Empty where the token stays in the files (or in the store of the commands). */
  readonly leaks: readonly Leak[];
};

export type RenderedExport = Rendered & {
  readonly format: ExportFormatId;
  readonly title: string;
};
