import { create } from 'zustand';

type Question = { readonly message: string; readonly answer: (confirmed: boolean) => void };

/** The open question for the passphrase, if there is one; the passphrase itself is never here. */
export const usePassphraseAsk = create<{ readonly question: Question | undefined }>()(() => ({
  question: undefined,
}));

/** Asks for the passphrase and resolves to whether it was confirmed. A second question replaces the first one. */
export function askPassphrase(message: string): Promise<boolean> {
  usePassphraseAsk.getState().question?.answer(false);
  return new Promise((resolve) => {
    usePassphraseAsk.setState({
      question: {
        message,
        answer: (confirmed) => {
          usePassphraseAsk.setState({ question: undefined });
          resolve(confirmed);
        },
      },
    });
  });
}
