// How GraphiQL reaches the API: POST for queries and mutations, graphql-ws for
// subscriptions, both on the origin that served the page.
import { getOperationAST, parse } from 'graphql';
import { createClient } from 'graphql-ws';

import { session } from './session.js';

const endpoint = new URL('../graphql', document.baseURI);

const authorization = () => (session.token ? { Authorization: `Bearer ${session.token}` } : {});

// The form in which GraphiQL shows that an operation did not get as far as the API.
const failure = (message) => ({ errors: [{ message }] });

/**
 * Sends one query or mutation. It never throws: what went wrong is in `errors`.
 */
export async function post(params, headers = authorization(), signal) {
  let response, body;
  try {
    response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/graphql-response+json, application/json;q=0.9',
        'Accept-Language': session.language,
        ...headers,
      },
      body: JSON.stringify(params),
      credentials: 'omit',
      signal,
    });
    body = await response.text();
  } catch (error) {
    return failure(`The server does not answer: ${error.message}`);
  }
  try {
    return JSON.parse(body);
  } catch {
    return failure(`The answer is not GraphQL: ${response.status} ${response.statusText} ${body.slice(0, 500)}`.trim());
  }
}

// Every subscription has a connection of its own, made with the token of that
// moment. It is not tried again: a break is for the person to see.
function subscribe(params) {
  const url = new URL(endpoint);
  url.protocol = url.protocol.replace('http', 'ws');
  return {
    subscribe(observer) {
      const client = createClient({
        url: url.href,
        connectionParams: { ...authorization(), acceptLanguage: session.language },
        retryAttempts: 0,
      });
      let stopped = false; // what arrives later belongs to no run that is shown
      const tell = (kind) => (value) => stopped || observer[kind](value);
      const next = tell('next');
      const complete = tell('complete');
      const error = (reason) => {
        next(Array.isArray(reason) ? { errors: reason } : failure(describe(reason)));
        complete();
      };
      client.subscribe(params, { next, error, complete });
      return {
        unsubscribe() {
          stopped = true;
          client.dispose();
        },
      };
    },
  };
}

// A reason is a CloseEvent when the server ended the connection, or else an Error.
function describe(reason) {
  if ('code' in reason) {
    return `The connection was closed: ${reason.code} ${reason.reason}`.trim();
  }
  return `The connection failed: ${reason.message ?? reason.type}`;
}

function isSubscription({ query, operationName }) {
  try {
    return getOperationAST(parse(query), operationName)?.operation === 'subscription';
  } catch {
    return false; // the server says what is wrong with the text
  }
}

/** The fetcher that GraphiQL asks for. */
export function fetcher(params) {
  if (params.operationName === 'IntrospectionQuery') {
    return post(params, {}); // the schema is open to all, also beside a wrong token
  }
  return isSubscription(params) ? subscribe(params) : post(params);
}
