// The one library (Preact with htm, vendored) and the few things built straight on it.
export { html, render, Component, useState, useEffect, useLayoutEffect, useRef, useMemo,
  useCallback } from "../vendor/htm-preact.js";
import { Component } from "../vendor/htm-preact.js";

// A component that renders again only when one of its properties is another value than before.
export class Pure extends Component {
  shouldComponentUpdate(next) {
    const keys = new Set([...Object.keys(next), ...Object.keys(this.props)]);
    return [...keys].some((key) => next[key] !== this.props[key]);
  }
}

export function classes(...names) {
  return names.filter(Boolean).join(" ");
}
