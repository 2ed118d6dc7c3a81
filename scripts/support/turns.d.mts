type Text = string | Uint8Array;

export function takeTurns(
  show: (text: Text) => void,
): () => { readonly write: (text: Text) => void; readonly end: () => void };
