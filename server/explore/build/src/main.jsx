import './workers.js';

import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './style.css';

import { Access } from './access.jsx';
import live from './queries/live.graphql';
import overview from './queries/overview.graphql';
import { fetcher } from './transport.js';

// GraphiQL keeps its tabs and its history in localStorage. Its editor for headers
// is off, so that a token has one place only, which is not kept there.
createRoot(document.getElementById('explorer')).render(
  <>
    <Access />
    <GraphiQL
      fetcher={fetcher}
      defaultQuery={overview}
      defaultTabs={[{ query: overview }, { query: live }]}
      isHeadersEditorEnabled={false}
      shouldPersistHeaders={false}
      inputValueDeprecation
      schemaDescription
    >
      <GraphiQL.Logo>{null}</GraphiQL.Logo>
    </GraphiQL>
  </>,
);
