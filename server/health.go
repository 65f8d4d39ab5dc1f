package main

import (
	"context"
	"encoding/json"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sys/unix"

	"github.com/seed-34fcb60d/rounds/plugins/host"
)

// health answers the questions of whoever runs the server.
type health struct {
	*core
	stopping atomic.Bool
}

func newHealth(c *core) *health { return &health{core: c} }

// live says that the process answers at all.
func (h *health) live(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n")) // the client went away
}

// minFree is the free space, in bytes, below which the disk of the embedded
// database counts as full.
const minFree = 64 << 20

// ready says whether requests should be sent here. A plugin that is down, or a
// protection against plugins that this machine cannot give, is told but does not make
// the server unready: everything else still works.
func (h *health) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	checks := map[string]string{"server": "ok", "database": "ok", "disk": "ok", "keys": "ok"}
	status := http.StatusOK
	fail := func(name, what string) {
		checks[name] = what
		status = http.StatusServiceUnavailable
	}
	if h.stopping.Load() {
		fail("server", "stopping")
	}
	if err := h.db.Ping(ctx); err != nil {
		h.log.Error().Err(err).Msg("database does not answer")
		fail("database", "does not answer")
	}
	if free, err := freeSpace(h.settings.dataDir()); err != nil || free < minFree {
		fail("disk", "full")
	}
	if err := h.quality.CheckKeys(ctx); err != nil {
		h.log.Error().Err(err).Msg("contact data cannot be read")
		fail("keys", "not those of the database")
	}
	for _, p := range h.host.States() {
		checks["plugin "+p.ID] = string(p.Status)
	}
	for _, m := range h.host.Unenforced() {
		checks["sandbox "+m.Code] = "not enforced: " + m.Text.EN
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(checks) // the client went away
}

func freeSpace(dir string) (uint64, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return 0, err
	}
	return fs.Bavail * uint64(fs.Bsize), nil
}

// metrics serves Prometheus' text format.
func (srv *server) metrics() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewDBStatsCollector(srv.db.SQL(), srv.db.Dialect()), &inside{srv.core})
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

// inside collects what the parts of the server count themselves.
type inside struct{ *core }

var (
	eventsHead     = prometheus.NewDesc("rounds_events_cursor", "Position of the newest event that this server knows.", nil, nil)
	dueAlerts      = prometheus.NewDesc("rounds_deadline_alerts_total", "Warnings, passed deadlines and escalations that this server has carried out.", nil, nil)
	dueLate        = prometheus.NewDesc("rounds_deadline_alerts_late_total", "Of these, those more than five seconds after their time.", nil, nil)
	dueFailures    = prometheus.NewDesc("rounds_deadline_failures_total", "Attempts at the work of deadlines that failed and are made again.", nil, nil)
	pluginUp       = prometheus.NewDesc("rounds_plugin_ready", "1 while the plugin answers.", []string{"plugin"}, nil)
	pluginRestarts = prometheus.NewDesc("rounds_plugin_restarts_total", "Starts of the plugin's process after the first.", []string{"plugin"}, nil)
	pluginCalls    = prometheus.NewDesc("rounds_plugin_calls_total", "Calls that reached the plugin.", []string{"plugin"}, nil)
	pluginFailures = prometheus.NewDesc("rounds_plugin_call_failures_total", "Calls that the plugin failed to answer.", []string{"plugin"}, nil)
	pluginSeconds  = prometheus.NewDesc("rounds_plugin_call_seconds_total", "Time that the plugin's calls took.", []string{"plugin"}, nil)
	pluginDropped  = prometheus.NewDesc("rounds_plugin_log_lines_dropped_total", "Lines that the plugin printed too fast.", []string{"plugin"}, nil)
)

// Describe implements prometheus.Collector.
func (i *inside) Describe(ch chan<- *prometheus.Desc) { prometheus.DescribeByCollect(i, ch) }

// Collect implements prometheus.Collector.
func (i *inside) Collect(ch chan<- prometheus.Metric) {
	ch <- prometheus.MustNewConstMetric(eventsHead, prometheus.GaugeValue, float64(i.events.Stats().Head))
	due := i.quality.DueWork()
	for desc, value := range map[*prometheus.Desc]uint64{dueAlerts: due.Alerts, dueLate: due.Late, dueFailures: due.Failures} {
		ch <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(value))
	}
	for _, p := range i.host.States() {
		up := 0.0
		if p.Status == host.Ready || p.Status == host.Degraded {
			up = 1
		}
		ch <- prometheus.MustNewConstMetric(pluginUp, prometheus.GaugeValue, up, p.ID)
		for desc, value := range map[*prometheus.Desc]float64{
			pluginRestarts: float64(p.Restarts), pluginCalls: float64(p.Calls), pluginFailures: float64(p.Failures),
			pluginSeconds: p.CallTime.Seconds(), pluginDropped: float64(p.DroppedLines),
		} {
			ch <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, value, p.ID)
		}
	}
}
