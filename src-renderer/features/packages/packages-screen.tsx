import { IconArrowLeft, IconPackage } from '@tabler/icons-react';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { formatPackageQuestion, parsePackageQuestion } from '../../state/package-question.ts';
import type { PackageQuestion } from '../../state/package-question.ts';
import { replaceQuery, routeHash, useRoute } from '../../state/route.ts';
import { useAnswer } from '../../state/use-answer.ts';
import card from '../../ui/card.module.css';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { EmptyState, Page, SkeletonRows } from '../../ui/page.tsx';
import { SearchField } from '../../ui/table/search-field.tsx';
import table from '../../ui/table/table.module.css';
import text from '../../ui/text.module.css';
import { DecisionLookup } from './decision-lookup.tsx';
import { PackagePage } from './package-page.tsx';
import styles from './packages.module.css';
import { ReleasesCard } from './releases-card.tsx';

const words = texts.packagesScreen;
const typingMs = 250;

/** Any package: found by name, explained by version, team and environment. The address says which one is shown. */
export function PackagesScreen() {
  const query = useRoute((route) => route.query);
  const question = parsePackageQuestion(query);
  const { search } = question;
  // Another search is another look: what was shown goes.
  const searchFor = (next: string) => {
    if (next !== search) replaceQuery(formatPackageQuestion({ search: next }));
  };
  return (
    <Page title={words.title} lead={words.lead}>
      <div className={card.card}>
        <div className={table.toolbar} role="search" aria-label={words.search}>
          <SearchField
            label={words.search}
            placeholder={words.placeholder}
            value={search}
            onChange={searchFor}
          />
        </div>
        {question.name === undefined ? (
          search.trim() === '' ? (
            <Start />
          ) : (
            <Hits search={search.trim()} />
          )
        ) : (
          search.trim() !== '' && (
            <a
              className={styles.back}
              href={routeHash('packages', undefined, formatPackageQuestion({ search }))}
            >
              <IconArrowLeft size={15} aria-hidden="true" /> {words.backTo(search.trim())}
            </a>
          )
        )}
      </div>
      {question.name === undefined && search.trim() === '' && (
        <div className={styles.page}>
          <DecisionLookup />
          <ReleasesCard />
        </div>
      )}
      {question.ecosystem !== undefined && question.name !== undefined && (
        <PackagePage
          key={`${question.ecosystem} ${question.name}`}
          ecosystem={question.ecosystem}
          name={question.name}
          question={question}
          onChange={(part: Partial<PackageQuestion>) =>
            replaceQuery(formatPackageQuestion({ ...question, ...part }))
          }
        />
      )}
    </Page>
  );
}

function Start() {
  return <EmptyState icon={<IconPackage size={24} />} title={words.start} text={words.startText} />;
}

function Hits({ search }: { readonly search: string }) {
  const { value, isStale, problem, retry } = useAnswer(search, () => api.packages.search({ text: search }), {
    causes: ['channels'],
    delayMs: typingMs,
  });
  if (problem !== undefined) return <ErrorAlert error={problem} onRetry={retry} />;
  if (value === undefined) return <SkeletonRows rows={3} />;
  if (value.length === 0)
    return isStale ? <SkeletonRows rows={3} /> : <p className={styles.note}>{words.none}</p>;
  return (
    <ul className={styles.hits} aria-label={words.found}>
      {value.map(({ ecosystem, name, channels, newest }) => (
        <li key={`${ecosystem} ${name}`}>
          <a href={routeHash('packages', undefined, formatPackageQuestion({ search, ecosystem, name }))}>
            {name}
          </a>
          <span className={text.quiet}>
            {[
              words.ecosystems[ecosystem],
              ...(newest === undefined ? [] : [words.newest(newest)]),
              channels.length === 0 ? words.onlyName : words.inChannels(channels.join(', ')),
            ].join(' · ')}
          </span>
        </li>
      ))}
    </ul>
  );
}
