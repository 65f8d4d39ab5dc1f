package files_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/quality/files"
)

// office makes a file as office programs do: a zip of parts.
func office(parts ...string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: parts[i], Method: zip.Store})
		if err == nil {
			_, err = f.Write([]byte(parts[i+1]))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

func TestKind(t *testing.T) {
	const no = ""
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	for what, c := range map[string]struct{ content, want string }{
		"PNG":               {"\x89PNG\r\n\x1a\n....", "image/png"},
		"JPEG":              {"\xff\xd8\xff\xe0....", "image/jpeg"},
		"GIF":               {"GIF89a....", "image/gif"},
		"WebP":              {"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"},
		"HEIC":              {"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "image/heic"},
		"PDF":               {"%PDF-1.7\n", "application/pdf"},
		"MP3":               {"ID3\x04\x00\x00\x00\x00\x00\x0aTIT2\x00\x00\x00\x02\x00\x00\x03x", "audio/mpeg"},
		"WAV":               {"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"},
		"AMR":               {"#!AMR\n", "audio/amr"},
		"MP4":               {"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "video/mp4"},
		"QuickTime":         {"\x00\x00\x00\x14ftypqt  ", "video/quicktime"},
		"DOCX":              {office("[Content_Types].xml", "<x/>", "_rels/.rels", "<x/>", "word/document.xml", "<x/>"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		"XLSX":              {office("[Content_Types].xml", "<x/>", "_rels/.rels", "<x/>", "xl/workbook.xml", "<x/>"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		"ODT":               {office("mimetype", "application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"},
		"text":              {"The tap drips.\n", "text/plain; charset=utf-8"},
		"Chinese":           {"水龙头漏水。\n", "text/plain; charset=utf-8"},
		"PNG and page":      {"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>", "image/png"}, // served as a picture, to be downloaded
		"page":              {"<!DOCTYPE html><html></html>", no},
		"page after space":  {"\n \t<script>alert(1)</script>", no},
		"page, in capitals": {"<HTML><BODY onload=alert(1)>", no},
		"SVG":               {`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, no},
		"SVG as XML":        {`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`, no},
		"XML":               {`<?xml version="1.0"?><x/>`, no},
		"shell script":      {"#!/bin/sh\nrm -rf /\n", no},
		"Python":            {"#!/usr/bin/env python\n", no},
		"PHP":               {"<?php phpinfo();", no},
		"ELF":               {"\x7fELF\x02\x01\x01\x00", no},
		"EXE":               {"MZ\x90\x00\x03\x00", no},
		"Java":              {office("META-INF/MANIFEST.MF", "x"), no},
		"zip":               {office("a.txt", "x"), no},
		"gzip":              {"\x1f\x8b\x08\x00", no},
		"Windows installer": {ole, no},
		"nothing known":     {"\x00\x01\x02\x03", no},
		"JSON":              {`{"a": 1}`, no},
	} {
		got, allowed, err := files.Kind(strings.NewReader(c.content))
		if err != nil || allowed != (c.want != no) || allowed && got != c.want {
			t.Errorf("%s: %s, taken %v, %v; want %q", what, got, allowed, err, c.want)
		}
	}
}

func TestName(t *testing.T) {
	long := strings.Repeat("长", 300)
	for sent, want := range map[string]string{
		"photo.jpg":                 "photo.jpg",
		"水龙头 漏水.jpg":                "水龙头 漏水.jpg",
		"../../etc/passwd":          "passwd",
		`..\..\windows\system.ini`:  "system.ini",
		`C:\Users\Li\photo.jpg`:     "photo.jpg",
		"/":                         "file",
		"..":                        "file",
		".htaccess":                 "htaccess",
		"":                          "file",
		" \t\n":                     "file",
		"a\x00b\r\nc.txt":           "ab  c.txt",
		"gpj.\u202egnp.exe":         "gpj.gnp.exe",
		"\ufeffa\u200bb.txt":        "ab.txt",
		"A\x00\u0300":               "À",
		"e\u0301.txt":               "é.txt",
		"bad\xff.txt":               "bad\ufffd.txt",
		long + ".jpeg":              strings.Repeat("长", 195) + ".jpeg",
		"a." + long:                 "a." + strings.Repeat("长", 198),
		`quotes " and ; semicolons`: `quotes " and ; semicolons`,
	} {
		if got := files.Name(sent); got != want {
			t.Errorf("%q becomes %q, want %q", sent, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := files.Name(rapid.String().Draw(t, "sent"))
		if n := utf8.RuneCountInString(name); n == 0 || n > 200 || strings.ContainsAny(name, `/\`) || strings.ContainsFunc(name, unicode.IsControl) ||
			!utf8.ValidString(name) || name != files.Name(name) {
			t.Fatalf("the name %q", name)
		}
	})
}
