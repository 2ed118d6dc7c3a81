import { Component } from 'react';
import type { ReactNode } from 'react';
import { Center } from '@mantine/core';
import { ErrorAlert } from './error-alert.tsx';

type Props = { readonly children: ReactNode };
type State = { readonly error: unknown };

/** A bug in a screen ends that screen, with a way back, instead of leaving an empty window. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return (
      <Center p="xl">
        <ErrorAlert error={this.state.error} onRetry={() => this.setState({ error: undefined })} />
      </Center>
    );
  }
}
