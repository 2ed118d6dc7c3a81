import type { ChannelKind } from '../../shared/model/domain.ts';
import type { ExportFormatId, RenderedExport } from '../../shared/contract/views.ts';

/** What an export is made from; everything that a format may know. */
export type ExportInput = {
  /** http(s)://host[:port], without a slash at the end. */
  readonly gatewayUrl: string;
  readonly organizationName: string;
  readonly token: {
    readonly id: string;
    readonly holderName: string;
    readonly teamName: string;
    readonly environmentName: string;
    readonly expiresAtMs: number;
  };
  /** The whole token; undefined puts a placeholder. */
  readonly secret: string | undefined;
  readonly channels: readonly { readonly name: string; readonly kind: ChannelKind }[];
};

/** One client format. */
export type ExportFormat = {
  readonly id: ExportFormatId;
  readonly title: string;
  /** The kind of channel without which the format has nothing to say. */
  readonly needs: ChannelKind | 'any';
  readonly render: (input: ExportInput) => RenderedExport;
};
