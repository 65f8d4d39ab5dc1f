package wire

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

const (
	mediaGraphQL = "application/graphql-response+json"
	mediaJSON    = "application/json"
	mediaEvents  = "text/event-stream"
)

// acceptance is what a client can read.
type acceptance struct {
	document string  // media type for one response; empty if none is accepted
	quality  float64 // of document
	events   float64 // quality of an event stream; 0 if it is not accepted
}

// any reports whether the client can be answered at all.
func (a acceptance) any() bool { return a.document != "" || a.events > 0 }

// asEvents reports whether an operation is answered as an event stream: when that
// is all or the best the client accepts, and for a subscription whenever possible.
func (a acceptance) asEvents(subscription bool) bool {
	return a.events > 0 && (subscription || a.events > a.quality)
}

// negotiate reads the Accept header (RFC 9110, 12.5.1). A client that names no
// type gets application/json, as GraphQL over HTTP asks for on behalf of old
// clients; one that names both types in equal measure gets the newer one. A
// wildcard never stands for an event stream.
func negotiate(header http.Header) acceptance {
	accept := strings.Join(header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return acceptance{document: mediaJSON, quality: 1}
	}
	var graphQL, plain, events preference
	for part := range strings.SplitSeq(accept, ",") {
		mediaType, args, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		q := quality(args["q"])
		switch mediaType {
		case mediaGraphQL:
			graphQL.set(exact, q)
		case mediaJSON:
			plain.set(exact, q)
		case mediaEvents:
			events.set(exact, q)
		case "application/*":
			graphQL.set(subtypes, q)
			plain.set(subtypes, q)
		case "*/*":
			graphQL.set(anything, q)
			plain.set(anything, q)
		}
	}
	a := acceptance{events: events.quality}
	if plain.quality > 0 {
		a.document, a.quality = mediaJSON, plain.quality
	}
	if graphQL.quality > a.quality || (graphQL.quality > 0 && graphQL.quality == a.quality && graphQL.match == exact) {
		a.document, a.quality = mediaGraphQL, graphQL.quality
	}
	return a
}

// How closely a media range names a type; the closest one decides.
const (
	anything = iota + 1
	subtypes
	exact
)

type preference struct {
	match   int
	quality float64
}

func (p *preference) set(match int, quality float64) {
	if match > p.match {
		*p = preference{match, quality}
	}
}

// quality reads a q parameter. A malformed one counts as 1.
func quality(s string) float64 {
	q, err := strconv.ParseFloat(s, 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 1
	}
	return q
}
