import { create } from 'zustand';
import type { GatewayView } from '../../shared/contract/gateway-views.ts';
import { api } from '../client/api.ts';

type GatewayState = {
  readonly gateway: GatewayView | undefined;
  readonly load: () => Promise<void>;
  readonly set: (gateway: GatewayView) => void;
  readonly reset: () => void;
};

export const useGateway = create<GatewayState>()((set) => ({
  gateway: undefined,
  load: async () => set({ gateway: await api.gateway.status() }),
  set: (gateway) => set({ gateway }),
  reset: () => set({ gateway: undefined }),
}));
