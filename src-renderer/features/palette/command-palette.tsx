import { Command } from 'cmdk';
import { screens } from '../../../shared/model/screens.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { usePalette } from '../../state/palette.ts';
import { navigate } from '../../state/route.ts';
import { Overlay } from '../../ui/overlay/overlay.tsx';
import { Keys } from '../../ui/keys.tsx';
import { screenKeys } from '../shell/shortcuts.ts';
import { paletteMark } from '../shell/type-ahead.ts';
import { useActions } from './actions.ts';
import type { Found } from './found.ts';
import { useFound, useListed } from './found.ts';
import styles from './command-palette.module.css';

const words = texts.palette;

/** Every screen, object and command, by what is typed. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const { text: search, type } = usePalette();
  const { found, isFresh } = useFound(search);
  const listed = useListed();
  const actions = useActions();
  /** First away with the palette: what comes may be a dialog of its own. */
  const run = (act: () => void) => () => {
    onClose();
    act();
  };
  const object = ({ screen, id, name, kind }: Found, isFound: boolean) => (
    <Command.Item
      key={id}
      value={`${kind} ${name} ${id}`}
      // The contract has searched already, also in what is not shown here; an answer to what was typed before is not sure.
      {...(isFound ? { keywords: [search] } : {})}
      className={styles.item}
      onSelect={run(() => navigate(screen, id))}
    >
      <span className={styles.name}>{name}</span>
      <span className={styles.kind}>{kind}</span>
    </Command.Item>
  );
  return (
    <Overlay title={words.title} size="md" closesBeside onClose={onClose}>
      <Command label={words.label} className={styles.palette} loop {...{ [paletteMark]: '' }}>
        <Command.Input
          className={styles.input}
          placeholder={words.placeholder}
          aria-label={words.label}
          data-autofocus
          maxLength={200}
          value={search}
          onValueChange={type}
          // Some of it may have been typed before: it goes on behind that.
          onFocus={({ currentTarget: field }) =>
            field.setSelectionRange(field.value.length, field.value.length)
          }
        />
        <Command.List className={styles.list} label={words.list}>
          <Command.Empty className={styles.none}>{words.none}</Command.Empty>
          {found.length > 0 && (
            <Command.Group heading={words.groups.found}>
              {found.map((entry) => object(entry, isFresh))}
            </Command.Group>
          )}
          <Command.Group heading={words.groups.screens}>
            {screens.map((screen) => (
              <Command.Item
                key={screen}
                value={`${words.groups.screens} ${texts.navigation[screen]}`}
                className={styles.item}
                onSelect={run(() => navigate(screen))}
              >
                <span className={styles.name}>{texts.navigation[screen]}</span>
                <Keys keys={['G', screenKeys[screen].toUpperCase()]} next={words.shortcuts.next} />
              </Command.Item>
            ))}
          </Command.Group>
          <Command.Group heading={words.groups.actions}>
            {actions.map(({ name, keys, run: act }) => (
              <Command.Item key={name} value={name} className={styles.item} onSelect={run(act)}>
                <span className={styles.name}>{name}</span>
                {keys !== undefined && <Keys keys={[keys]} />}
              </Command.Item>
            ))}
          </Command.Group>
          {search !== '' && (
            <Command.Group heading={words.groups.objects}>
              {listed.map((entry) => object(entry, false))}
            </Command.Group>
          )}
        </Command.List>
      </Command>
    </Overlay>
  );
}
