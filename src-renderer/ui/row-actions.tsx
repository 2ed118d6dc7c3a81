import type { ReactNode } from 'react';
import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { texts } from '../../shared/texts/texts.ts';
import { useRowTabIndex } from './table/row-tab-index.ts';

const words = texts.ui.rowActions;

/** Edit and remove at the end of a row; named after the row for those who cannot see it. */
export function RowActions(props: {
  readonly name: string;
  /** What this list alone has. */
  readonly before?: ReactNode;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}) {
  const tabIndex = useRowTabIndex();
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      {props.before}
      <Tooltip label={words.edit}>
        <ActionIcon
          tabIndex={tabIndex}
          variant="subtle"
          color="gray"
          aria-label={words.edit2(props.name)}
          onClick={props.onEdit}
        >
          <IconPencil size={17} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={words.remove}>
        <ActionIcon
          tabIndex={tabIndex}
          variant="subtle"
          color="gray"
          aria-label={words.remove2(props.name)}
          onClick={props.onRemove}
        >
          <IconTrash size={17} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
