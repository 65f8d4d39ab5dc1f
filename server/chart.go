package main

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db/chartbaseline"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/wire"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
)

// chartSpan is the time that a picture shows unless another is asked for.
const chartSpan = 90 * 24 * time.Hour

// charts serves control charts as pictures, to whom the API would show them.
type charts struct{ *access }

// ServeHTTP implements http.Handler.
func (c charts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store") // of refusals
	ctx, _, err := c.authenticate(r.Context(), r, nil)
	switch {
	case errors.Is(err, wire.ErrUnauthenticated), err == nil && ent.ViewerFrom(ctx).IsZero():
		w.Header().Set("WWW-Authenticate", "Bearer")
		http.Error(w, "Say who you are: send an access token.\n请提供访问令牌。", http.StatusUnauthorized)
		return
	case err != nil:
		c.fault(w, err)
		return
	}
	viewer := ent.ViewerFrom(ctx)
	if !viewer.MayRead(ent.Inspections) || !viewer.MayRead(ent.Organisation) {
		http.Error(w, "This needs inspections:read and organisation:read.\n此操作需要 inspections:read 和 organisation:read 权限。", http.StatusForbidden)
		return
	}
	in, ok := c.asked(r)
	if !ok {
		http.Error(w, "There is no such chart. Times are written as 2026-11-16T00:00:00Z.\n没有此图。时间格式如 2026-11-16T00:00:00Z。", http.StatusNotFound)
		return
	}
	picture, err := c.quality.DrawControlChart(ctx, in, wantsChinese(r))
	var rejection quality.Rejection
	switch {
	case errors.As(err, &rejection):
		http.Error(w, rejection[0].Text.EN+"\n"+rejection[0].Text.ZH, http.StatusBadRequest)
		return
	case err != nil:
		c.fault(w, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "image/svg+xml")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	header.Set("Cache-Control", "private, max-age=60")
	header.Set("Vary", "Authorization, Accept-Language")
	_, _ = w.Write(picture) // the client went away
}

func (c charts) fault(w http.ResponseWriter, err error) {
	c.log.Error().Err(err).Msg("control chart not drawn")
	http.Error(w, "The chart could not be drawn.\n无法绘制控制图。", http.StatusInternalServerError)
}

// asked reads which chart is asked for. It is false where a part of the address has no meaning.
func (c charts) asked(r *http.Request) (quality.ControlChartOf, bool) {
	query := r.URL.Query()
	department, known := typeid.Parse[typeid.DepartmentID](r.PathValue("department"))
	of, named := strings.CutSuffix(r.PathValue("characteristic"), ".svg")
	in := quality.ControlChartOf{Characteristic: of, DepartmentID: department, To: c.now()}
	ok := known && named && timeOf(query, "to", &in.To)
	in.From = in.To.Add(-chartSpan)
	ok = ok && timeOf(query, "from", &in.From)
	if kind := spc.Kind(query.Get("kind")); kind != "" {
		in.Kind = &kind
		ok = ok && chartbaseline.KindValidator(chartbaseline.Kind(kind)) == nil
	}
	if interval := chartbaseline.Interval(query.Get("interval")); interval != "" {
		in.Interval = &interval
		ok = ok && chartbaseline.IntervalValidator(interval) == nil
	}
	return in, ok
}

// timeOf reads a time that may be left out.
func timeOf(query url.Values, name string, into *time.Time) bool {
	text := query.Get(name)
	if text == "" {
		return true
	}
	at, err := time.Parse(time.RFC3339, text)
	*into = at
	return err == nil
}

// wantsChinese reports whether a picture is to be labelled in Chinese: as the address
// says, else as the browser does.
func wantsChinese(r *http.Request) bool {
	supported := []language.Tag{language.English, language.SimplifiedChinese}
	_, index := language.MatchStrings(language.NewMatcher(supported), slices.DeleteFunc(
		[]string{r.URL.Query().Get("lang"), r.Header.Get("Accept-Language")}, func(s string) bool { return s == "" })...)
	return index == 1
}
