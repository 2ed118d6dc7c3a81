import type { PackageExplanation } from '../../../shared/contract/package-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import card from '../../ui/card.module.css';
import { exactTime } from '../../ui/format.ts';
import plain from '../../ui/plain-table.module.css';
import text from '../../ui/text.module.css';
import styles from './packages.module.css';

const words = texts.packagesScreen;

/** The files of the version that is shown, as the channels' own indexes have them. */
export function FileTable({ channels }: Pick<PackageExplanation, 'channels'>) {
  return (
    <section className={card.card}>
      <div className={card.head}>
        <h2 id="package-files">{words.files}</h2>
      </div>
      <div className={styles.scroll} role="region" tabIndex={0} aria-labelledby="package-files">
        <table className={plain.table}>
          <thead>
            <tr>
              <th scope="col">{words.file}</th>
              <th scope="col">{words.channel}</th>
              <th scope="col">{words.license}</th>
              <th scope="col">{words.published}</th>
            </tr>
          </thead>
          <tbody>
            {channels.flatMap(({ channelId, channelName, files }) =>
              files.map(({ filename, license, publishedAtMs, yanked }) => (
                <tr key={`${channelId} ${filename}`}>
                  <td className={text.mono}>
                    {filename}
                    {yanked !== undefined && yanked !== false && (
                      <div className={text.quiet}>
                        {typeof yanked === 'string' && yanked !== ''
                          ? `${words.yanked}: ${yanked}`
                          : words.yanked}
                      </div>
                    )}
                  </td>
                  <td>{channelName}</td>
                  <td>{license ?? words.noLicense}</td>
                  <td>{publishedAtMs === undefined ? '–' : exactTime(publishedAtMs)}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}
