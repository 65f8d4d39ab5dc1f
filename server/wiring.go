package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/host"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/files"
)

// core is what every command that works on the data needs, opened.
type core struct {
	settings settings
	log      zerolog.Logger
	now      func() time.Time
	db       *ent.Database
	events   *events.Log
	quality  *quality.Service
	host     *host.Host
	plugins  *catalogue
	files    *files.Store
}

// withCore carries out a command that is over when it returns, on a core without plugins.
func (s *session) withCore(do func(*core) error) (err error) {
	c, err := s.openCore(false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.db.Close()) }()
	return do(c)
}

// openCore opens the database, migrated, and puts the use cases on top of it. It
// starts nothing. plugins says whether the plugins are to be run.
func (s *session) openCore(plugins bool) (_ *core, err error) {
	c := &core{settings: s.settings, log: s.logger(), now: s.now}
	if c.now == nil {
		if c.now, err = newClock(s.settings.TestClock); err != nil {
			return nil, err
		}
	}
	if err := s.settings.makeDataDir(); err != nil {
		return nil, err
	}
	if c.files, err = s.settings.openFiles(s.ctx); err != nil {
		return nil, err
	}
	if c.db, err = ent.Open(s.ctx, ent.Config{URL: s.settings.databaseURL()}); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.db.Close())
		}
	}()
	applied, err := c.db.Migrate(s.ctx)
	if err != nil {
		return nil, err
	}
	if len(applied) > 0 {
		c.log.Info().Strs("migrations", applied).Msg("database migrated")
	}
	keys, err := s.openKeys(c.db)
	if err != nil {
		return nil, err
	}
	c.events = events.New(events.Config{Database: c.db, Logger: c.log})
	c.host, err = host.New(host.Config{Logger: c.log, RequireSandbox: s.settings.RequireSandbox, Accept: func(ctx context.Context, d host.Described) error {
		return c.quality.PublishChecklists(ctx, d.Description, d.SHA256)
	}})
	if err != nil {
		return nil, err
	}
	c.plugins = &catalogue{core: c, installed: map[string]bool{}}
	c.quality = quality.New(quality.Config{
		Database: c.db, Events: c.events, Checklists: checklists{c.host, c.log}, Plugins: c.plugins, Contacts: keys,
		Now: c.now, Logger: c.log, Deadlines: s.settings.deadlines(),
		Compensation: s.settings.Authority.compensation(), Penalty: s.settings.Authority.penalty(),
		ArchiveAfter: s.settings.ArchiveAfter, RevealsPerHour: s.settings.RevealsPerHour, ContactEvery: s.settings.ContactEvery,
		Files: c.files, LinkLife: s.settings.Attachments.AttachmentLinks,
	})
	if err := c.quality.CheckKeys(s.ctx); err != nil || !plugins {
		return c, err
	}
	return c, c.plugins.begin(s.ctx)
}

// plugins lists the plugins to run: those that come with the server, and each
// executable in the plugin folder under the name of its file.
func (s settings) plugins() ([]host.Plugin, error) {
	var specs []host.Plugin
	for id, make := range builtin {
		d, err := make().Describe(context.Background()) // which is there already
		if err != nil {
			return nil, err
		}
		specs = append(specs, host.Plugin{ID: id, Version: d.Version, Args: []string{"plugin", "serve", id}})
	}
	files, err := os.ReadDir(s.pluginDir())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading the plugin folder: %w", err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			return nil, fmt.Errorf("reading the plugin folder: %w", err)
		}
		if !info.Mode().IsRegular() || info.Mode().Perm()&0o111 == 0 {
			continue
		}
		if builtin[f.Name()] != nil {
			return nil, fmt.Errorf("the plugin folder has a %s, which comes with the server: remove the file, or give its plugin another id", f.Name())
		}
		path, err := filepath.Abs(filepath.Join(s.pluginDir(), f.Name()))
		if err != nil {
			return nil, err
		}
		specs = append(specs, host.Plugin{ID: f.Name(), Path: path, ReadOnly: s.PluginReadOnly})
	}
	return specs, nil
}
