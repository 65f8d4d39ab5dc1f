package main

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"text/template"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// pluginNew writes the module of a new plugin.
type pluginNew struct {
	ID       string `arg:"" name:"name" help:"Id of the plugin, such as night-shift: a lower-case letter, then letters, digits and single hyphens."`
	Dir      string `type:"path" placeholder:"DIR" help:"Folder to make (default: the name)."`
	Module   string `placeholder:"PATH" help:"Path of the Go module (default: example.com/NAME)."`
	Rounds   string `type:"path" placeholder:"DIR" help:"Checkout of Rounds to build with, in place of the published version."`
	Language string `default:"en" enum:"en,zh" aliases:"lang" help:"Say what comes next in English (en) or Chinese (zh)."`
}

// pluginTemplate holds a file of the module per file, with .tmpl at the end of its name.
//
//go:embed all:plugintemplate
var pluginTemplate embed.FS

const (
	templateRoot = "plugintemplate"
	roundsModule = "github.com/seed-34fcb60d/rounds"
)

// scaffold is what the templates know.
type scaffold struct {
	ID, Module string
	NameEN     string // of the plugin, for people
	NameZH     string
	Version    string // of Rounds
	Checkout   string // of Rounds, absolute, as go.mod writes it; empty for the published version
}

// Run writes the files into a folder that is not there yet.
func (p *pluginNew) Run(s *session) error {
	sc, err := p.scaffold()
	if err != nil {
		return err
	}
	dir := cmp.Or(p.Dir, p.ID)
	if err := os.Mkdir(dir, 0o755); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%s is there already: name another folder with --dir", dir)
		}
		return fmt.Errorf("making the plugin's folder: %w", err)
	}
	if err := sc.write(dir); err != nil {
		return fmt.Errorf("writing the plugin: %w", err)
	}
	next := sdk.T("The plugin %[1]s is in %[2]s. Go on with its README.md:\n  cd %[2]s\n  make test\n  make check SERVER=%[3]s\n",
		"插件 %[1]s 已写入 %[2]s。后续步骤见其 README.md：\n  cd %[2]s\n  make test\n  make check SERVER=%[3]s\n")
	text := next.EN
	if p.Language == "zh" {
		text = next.ZH
	}
	program, err := os.Executable()
	if err != nil {
		program = "server"
	}
	fmt.Fprintf(s.stdout, text, p.ID, dir, program)
	return nil
}

// scaffold checks what was said on the command line.
func (p *pluginNew) scaffold() (scaffold, error) {
	if !sdk.IsPluginID(p.ID) {
		return scaffold{}, fmt.Errorf("%q is no id of a plugin: a lower-case letter, then letters, digits and single hyphens, at most 40", p.ID)
	}
	if _, taken := builtin[p.ID]; taken {
		return scaffold{}, fmt.Errorf("the plugin %s comes with the server: take another name", p.ID)
	}
	words := strings.ReplaceAll(p.ID, "-", " ")
	sc := scaffold{
		ID: p.ID, Module: cmp.Or(p.Module, "example.com/"+p.ID),
		NameEN: strings.ToUpper(words[:1]) + words[1:], NameZH: p.ID + " 部门",
	}
	if err := module.CheckImportPath(sc.Module); err != nil {
		return scaffold{}, err
	}
	if p.Rounds != "" {
		sc.Version, sc.Checkout = "v0.0.0", modfile.AutoQuote(p.Rounds)
		return sc, checkCheckout(p.Rounds)
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		sc.Version = info.Main.Version
	}
	if !semver.IsValid(sc.Version) || semver.Build(sc.Version) != "" { // (devel), or a checkout with changes
		return scaffold{}, errors.New("this server was built from a checkout that is not published: name it with --rounds DIR")
	}
	return sc, nil
}

// checkCheckout refuses a folder that is not Rounds.
func checkCheckout(dir string) error {
	data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return fmt.Errorf("looking for a checkout of Rounds: %w", err)
	}
	if modfile.ModulePath(data) != roundsModule {
		return fmt.Errorf("%s is no checkout of %s", dir, roundsModule)
	}
	return nil
}

// write fills the folder.
func (sc scaffold) write(dir string) error {
	return fs.WalkDir(pluginTemplate, templateRoot, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		source, err := pluginTemplate.ReadFile(name)
		if err != nil {
			return err
		}
		t, err := template.New(name).Option("missingkey=error").Parse(string(source))
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if err := t.Execute(&out, sc); err != nil {
			return err
		}
		path := strings.TrimSuffix(strings.TrimPrefix(name, templateRoot+"/"), ".tmpl")
		file := filepath.Join(dir, filepath.FromSlash(strings.ReplaceAll(path, "NAME", sc.ID)))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		return os.WriteFile(file, out.Bytes(), 0o644)
	})
}
