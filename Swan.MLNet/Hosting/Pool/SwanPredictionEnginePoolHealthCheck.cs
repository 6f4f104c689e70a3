using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Swan.MLNet.Hosting;

/// <summary>Reports whether a prediction engine pool serves the present content of its file.</summary>
/// <remarks>
/// Healthy: it does; the result has <c>version</c>. Degraded: the content was refused or can't be read, so an earlier version answers
/// (<see cref="SwanPredictionEnginePool{TData, TPrediction}.LastFault"/>). A pool whose first content can't be served does not start. A
/// check reads no file. Safe for concurrent use.
/// <example>
/// <code>
/// builder.Services.AddSwanPredictionEnginePool&lt;Query, Answer>(options => options.PipelinePath = "search.zip");
/// builder.Services.AddHealthChecks().AddCheck&lt;SwanPredictionEnginePoolHealthCheck&lt;Query, Answer>>("search");
/// </code>
/// </example>
/// </remarks>
/// <typeparam name="TData">The pool's rows.</typeparam>
/// <typeparam name="TPrediction">The pool's predictions.</typeparam>
public sealed class SwanPredictionEnginePoolHealthCheck<TData, TPrediction> : IHealthCheck
    where TData : class
    where TPrediction : class, new()
{
    private readonly SwanPredictionEnginePool<TData, TPrediction> _pool;

    /// <summary>Checks a pool.</summary>
    /// <param name="pool">The pool of <c>AddSwanPredictionEnginePool</c>, or another.</param>
    public SwanPredictionEnginePoolHealthCheck(SwanPredictionEnginePool<TData, TPrediction> pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        _pool = pool;
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int version = _pool.Version;
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["version"] = version };
        return Task.FromResult(_pool.LastFault is { } fault
            ? HealthCheckResult.Degraded($"The new pipeline can't be served; version {version} answers: {fault}", data: data)
            : HealthCheckResult.Healthy($"Version {version} answers.", data));
    }
}
