/** Errors with the texts of GitHub's REST API. */
import type { Json } from '../model.ts';

export interface FieldError {
  readonly resource: string;
  readonly code: string;
  readonly field?: string;
  readonly message?: string;
}

export class ApiError extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: { errors?: readonly FieldError[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }

  body(): Json {
    const errors = this.errors === undefined ? {} : { errors: this.errors };
    const documentation_url = 'https://docs.github.com/rest';
    return { message: this.message, ...errors, documentation_url, status: String(this.status) };
  }
}

export const notFound = (): ApiError => new ApiError(404, 'Not Found');

export const forbidden = (message = 'Must have admin rights to Repository.'): ApiError =>
  new ApiError(403, message);

/** 422 with the message inside `errors[]`, where clients look for it. */
export const invalid = (resource: string, message: string): ApiError =>
  new ApiError(422, 'Validation Failed', { errors: [{ resource, code: 'custom', message }] });

/** GitHub's 422 for an error that concerns no field. */
export const unprocessable = (message: string): ApiError => new ApiError(422, message);
