using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swan.Batch.Stores;
using Swan.MLNet.Diagnostics;

namespace Swan.ObjectStores.Requests;

/// <summary>Tries requests again where that may help; the one place that does, because the SDKs' own retries are off.</summary>
/// <param name="options">How often and how long.</param>
/// <param name="judge">Says what an error is.</param>
internal sealed class Attempts(StoreSettings options, Func<Exception, Attempt, Fault?> judge)
{
    private readonly ILogger _logger = options.Logger ?? NullLogger.Instance;

    /// <summary>Makes a request until it succeeds.</summary>
    /// <param name="subject">What it is about.</param>
    /// <param name="budget">Its time.</param>
    /// <param name="request">Makes it once.</param>
    /// <param name="cancellation">Ends every wait.</param>
    /// <param name="failed">Called after each attempt that failed. Default null.</param>
    /// <exception cref="StoreException">It did not succeed.</exception>
    public async Task<T> RunAsync<T>(
        Subject subject, Budget budget, Func<Attempt, Task<T>> request, CancellationToken cancellation, Action? failed = null)
    {
        budget.Start();
        try
        {
            for (int number = 1; ; number++)
            {
                cancellation.ThrowIfCancellationRequested();
                Answer? answer;
                Fault fault;
                using (var attempt = new Attempt(options.StallTimeout, budget.Left, cancellation))
                {
                    try
                    {
                        return await attempt.RunAsync(request).ConfigureAwait(false);
                    }
                    catch (Exception e)
                    {
                        failed?.Invoke();
                        cancellation.ThrowIfCancellationRequested();
                        // What can't be read can't be sent, however often.
                        if (attempt.ContentError is { } unreadable and not ObjectDisposedException) throw Unreadable(subject, unreadable);
                        fault = FaultOf(e, attempt);
                        answer = attempt.Answer;
                    }
                }

                TimeSpan wait = PauseAfter(number, answer?.RetryAfter);
                if (!fault.IsWorthAnotherAttempt || number == options.MaxAttempts || wait >= budget.Left)
                    throw subject.Failed(fault, number, budget.Used);
                BatchTelemetry.Retried(fault.Failure.ToString());
                _logger.AttemptFailed(
                    subject.Name, subject.Doing, Shown(subject, fault.Found), number, options.MaxAttempts, wait.TotalSeconds);
                await options.Wait(wait, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            budget.Stop();
        }
    }

    private static string Shown(Subject subject, string found) => subject.Secrets.AreIn(found) ? "an error" : found;

    private static IOException Unreadable(Subject subject, Exception error) =>
        new($"{subject.Name} can't be {subject.Doing}: the content to write can't be read. {error.Message}", error);

    private Fault FaultOf(Exception error, Attempt attempt)
    {
        if (error is FaultException known) return known.Fault;
        if (attempt.Token.IsCancellationRequested)
        {
            return new Fault(StoreFailure.TimedOut, attempt.IsOutOfTime
                ? FormattableString.Invariant($"it took more than {options.Timeout.TotalSeconds:0.##} s")
                : FormattableString.Invariant($"nothing was received for {options.StallTimeout.TotalSeconds:0.##} s"));
        }
        return judge(error, attempt) ?? TransportFaults.Of(error)
            ?? new Fault(StoreFailure.Other, $"{error.GetType().Name}: {error.Message}", Cause: error);
    }

    private TimeSpan PauseAfter(int number, TimeSpan? asked)
    {
        double grown = options.FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(number - 1, 30));
        double pause = Math.Min(grown, options.MaxDelay.TotalSeconds) * (0.5 + 0.5 * Share());
        if (asked is { } least) pause = Math.Min(Math.Max(pause, least.TotalSeconds), options.MaxDelay.TotalSeconds);
        return TimeSpan.FromSeconds(pause);
    }

    private static double Share() => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
}
