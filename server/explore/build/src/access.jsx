import { useEffect, useState } from 'react';

import { LANGUAGES, session } from './session.js';
import { post } from './transport.js';

const WHO = 'query Who { viewer { role staff { name } } }';

// Long enough for a token that is typed rather than pasted.
const PAUSE = 300; // milliseconds

/** The bar above GraphiQL: who asks, and in which language. */
export function Access() {
  const [token, setToken] = useState(session.token);
  const [language, setLanguage] = useState(session.language);
  const viewer = useViewer(token, language);

  return (
    <header className="access">
      <h1>Rounds API</h1>
      <label>
        Access token
        <input
          type="password"
          value={token}
          placeholder="paste it here"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            session.token = event.target.value;
            setToken(session.token);
          }}
        />
      </label>
      <output className={viewer.refused ? 'refused' : undefined}>{viewer.text}</output>
      <label>
        Answers in
        <select
          value={language}
          onChange={(event) => {
            session.language = event.target.value;
            setLanguage(session.language);
          }}
        >
          {LANGUAGES.map(({ tag, name }) => (
            <option key={tag} value={tag}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <a href="../schema.graphql">Schema</a>
      <a href="THIRD_PARTY_NOTICES.txt">Licences</a>
    </header>
  );
}

// Asks the API whose token it is, so that a wrong one shows at once.
function useViewer(token, language) {
  const [viewer, setViewer] = useState({ text: '' });
  useEffect(() => {
    if (!token) {
      setViewer({ text: 'Without a token only the schema can be seen.' });
      return undefined;
    }
    const stopped = new AbortController();
    const timer = setTimeout(async () => {
      const answer = await post({ query: WHO }, undefined, stopped.signal);
      if (!stopped.signal.aborted) {
        setViewer(summary(answer));
      }
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      stopped.abort();
    };
  }, [token, language]);
  return viewer;
}

function summary({ data, errors }) {
  if (!data?.viewer) {
    return { refused: true, text: errors?.[0]?.message ?? 'The token was refused.' };
  }
  const { role, staff } = data.viewer;
  return { text: staff ? `${staff.name} · ${role}` : role };
}
