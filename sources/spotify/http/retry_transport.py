"""Transport layer: repeats what met 429, 5xx or a broken connection, as the retry policy says.

A 401 is not retried here: `auth/unauthorized.py` renews the token once.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from sources.errors import ApiError, PlaylakeError, TryLaterError
from sources.spotify.http.cancellation import Cancellation
from sources.spotify.http.retry_policy import ATTEMPTS, REFUSALS, RetryBudget, RetryPolicy, is_quota
from sources.spotify.http.transport import Answer, NoAnswerError, Request, Transport

ADVICE = "check the network and api_url, or try again later"


@dataclass(slots=True)
class RetryTransport:
    """Repeats attempts that failed, with growing waits; 429 and 5xx are waited out.

    A request that is not idempotent is repeated only if it is sure that it was not served: if nothing of it was sent,
    or if the answer is 429, or 503 with a time to come back.

    Attributes:
        inner: sends each attempt.
        policy: how long to wait.
        cancellation: ends all waiting; refusals that any request would meet abort the run through it.
        budget: how many retries are left.
    """

    inner: Transport
    policy: RetryPolicy
    cancellation: Cancellation
    budget: RetryBudget = field(default_factory=RetryBudget)

    def send(self, request: Request) -> Answer:
        """The answer, whatever its status but 429 and 5xx.

        Raises:
            ApiError: no answer, or only 5xx, after retries; or an answer that is too large.
            ConfigurationError: a proxy or a file of certificates is configured wrongly.
            TryLaterError: the server asks for a longer wait than allowed, limits the rate even after retries, the
                quota is used up, or the run's retry budget is.
            PlaylakeError: the run is aborted.
        """
        failures = refusals = 0
        while True:
            wait, may_retry = self.policy.back_off(failures), request.idempotent
            problem: PlaylakeError
            try:
                answer = self.inner.send(replace(request, back_off=self.policy.back_off(refusals)))
            except NoAnswerError as error:
                failures += 1
                may_retry |= error.is_unsent
                problem = _unavailable(
                    request.url, f"could not be reached ({error.reason})", failures, advice=error.advice
                )
            else:
                if answer.status != 429 and answer.status < 500:
                    self.budget.refund()
                    return answer
                asked = answer.retry_after
                if self.policy.is_too_long(answer):
                    raise self.cancellation.abort(_try_later(answer, request.url))
                if answer.status == 429:
                    refusals += 1
                    if refusals == REFUSALS:
                        raise self.cancellation.abort(_try_later(answer, request.url))
                    # The rate limit has its own wait, for all threads.
                    wait, may_retry = 0.0, True
                else:
                    failures += 1
                    may_retry |= answer.status == 503 and asked is not None
                    wait = max(wait, asked or 0.0)
                    problem = _unavailable(request.url, f"answered HTTP {answer.status}", failures, answer.status)
            if failures == ATTEMPTS or not may_retry:
                raise problem
            self._pause(wait, request.url)

    def back_off(self, failures: int, url: str) -> None:
        """Waits before an answer that made no sense is asked for again, which counts as a retry.

        Args:
            failures: how many such answers there were before.
            url: what is asked.
        """
        self._pause(self.policy.back_off(failures), url)

    def _pause(self, wait: float, url: str) -> None:
        if self.budget.spend():
            if wait:
                self.cancellation.wait(wait)
        else:
            msg = f"Too many requests failed and had to be repeated, {url} the last: sync again later."
            self.cancellation.abort(TryLaterError(msg))


def _unavailable(url: str, problem: str, attempts: int, status: int | None = None, advice: str = ADVICE) -> ApiError:
    times = f", {attempts} times" if attempts > 1 else ""
    return ApiError(f"{url} {problem}{times}: {advice}.", status)


def _try_later(answer: Answer, url: str) -> TryLaterError:
    """What a lasting 429 or 5xx means to the operator.

    https://developer.spotify.com/documentation/web-api/concepts/rate-limits: `Retry-After` holds whole
    seconds, but it may be hours, or missing; a used-up quota is never repeated.
    """
    asked = answer.retry_after
    resume_at = None if asked is None else answer.received_at + timedelta(seconds=asked)
    when = f"at {resume_at:%Y-%m-%d %H:%M:%S} UTC" if resume_at else "later; Spotify does not say when"
    what = f"Spotify is out of service (HTTP {answer.status})"
    if answer.status == 429:
        what = "The app's quota is used up" if is_quota(answer) else "Spotify limits the rate of requests"
    return TryLaterError(f"{what} ({url}): go on {when}. What was read is kept.", resume_at)
