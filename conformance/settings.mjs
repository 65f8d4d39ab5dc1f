// What the tests run against, from the environment:
//
//   ROUNDS_URL           where the server is, without a path (http://127.0.0.1:8080)
//   ROUNDS_TOKEN         a bearer token; without one, requests are anonymous
//   ROUNDS_SUBSCRIPTION  a subscription that sends at least two events by itself;
//                        without one, the tests of streams are skipped
const base = process.env.ROUNDS_URL ?? 'http://127.0.0.1:8080';

export const url = new URL('/graphql', base).href;
export const socketURL = url.replace(/^http/, 'ws');
export const authorization = process.env.ROUNDS_TOKEN ? `Bearer ${process.env.ROUNDS_TOKEN}` : undefined;
export const headers = authorization ? { authorization } : {};
export const subscription = process.env.ROUNDS_SUBSCRIPTION;
export const streams = {
  skip: subscription ? false : 'ROUNDS_SUBSCRIPTION is not set',
  timeout: 20_000,
};

// first resolves to the first n results of an async iterable and then ends it.
export async function first(n, results) {
  const list = [];
  for await (const result of results) {
    list.push(result);
    if (list.length === n) break;
  }
  return list;
}
