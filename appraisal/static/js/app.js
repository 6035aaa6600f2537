import {
  Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, ServiceNavigation, SkipLink, createAll,
} from "../vendor/govuk-frontend/govuk-frontend.js";
import "./copies.js";
import { initTheme } from "./theme.js";

for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, ServiceNavigation, SkipLink]) {
  createAll(component);
}
document.querySelectorAll("[data-theme-button]").forEach(initTheme);
