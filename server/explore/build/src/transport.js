// How GraphiQL reaches the API: POST for queries and mutations, graphql-ws for
// subscriptions, both on the origin that served the page.
import { Kind, parse } from 'graphql';
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

const FORBIDDEN = 4403; // close code of the server

// A reason is a CloseEvent when the server ended the connection, or else an Error.
function describe(reason) {
  if (reason.code === FORBIDDEN) {
    return 'The server ended the connection: the access token is unknown, revoked or expired.';
  }
  if ('code' in reason) {
    return `The connection was closed: ${reason.code} ${reason.reason}`.trim();
  }
  return `The connection failed: ${reason.message ?? reason.type}`;
}

// The operation that is meant, undefined where the server has to say what is wrong.
// Just after a change of tabs GraphiQL still gives the name of the operation in the
// tab before, so the name counts only where there is a choice.
function chosen({ query, operationName }) {
  try {
    const operations = parse(query).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    return operations.length === 1 ? operations[0] : operations.find(({ name }) => name?.value === operationName);
  } catch {
    return undefined;
  }
}

/** The fetcher that GraphiQL asks for. */
export function fetcher(params) {
  if (params.operationName === 'IntrospectionQuery') {
    return post(params, {}); // the schema is open to all, also beside a wrong token
  }
  const operation = chosen(params);
  const request = operation ? { ...params, operationName: operation.name?.value } : params;
  return operation?.operation === 'subscription' ? subscribe(request) : post(request);
}
