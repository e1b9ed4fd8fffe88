/** `all` and `both` mean every target, wherever people name some. */
export const targetNameShape = /^(?!(?:all|both)$)[a-z0-9][a-z0-9-]{0,39}$/;

/** More are a mistake: a push applies to one after the other. */
export const maxTargets = 10;

/** In characters. */
export const maxPortfolioIdLength = 100;
