"""One package a platform: parse what arrives, render what leaves."""
