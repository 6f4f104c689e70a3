using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Swan.MLNet.Hosting;

/// <summary>Reports whether a hosted prediction engine pool answers, and whether with its file's latest content.</summary>
/// <remarks>
/// Healthy: it serves the last content that it found; the result has <c>version</c>. Degraded: that content was refused or could not be
/// read, so an earlier version answers (<see cref="SwanPredictionEnginePool{TData, TPrediction}.LastFault"/>). The registration's failure
/// status: the pool can't be opened. A check opens a pool that no request has opened yet, and reads no file otherwise. With
/// <see cref="SwanPredictionEnginePoolOptions.Reload"/> off, nothing looks at the file, and a removed file is logged only. Safe for
/// concurrent use.
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
    private readonly IServiceProvider _services;
    private readonly string? _serviceKey;

    /// <summary>Checks the pool of <c>AddSwanPredictionEnginePool</c>.</summary>
    /// <param name="services">The application's.</param>
    public SwanPredictionEnginePoolHealthCheck(IServiceProvider services)
        : this(services, null)
    {
    }

    /// <summary>Checks a pool of <c>AddKeyedSwanPredictionEnginePool</c>.</summary>
    /// <param name="services">The application's.</param>
    /// <param name="serviceKey">The key; null: the pool of <c>AddSwanPredictionEnginePool</c>.</param>
    public SwanPredictionEnginePoolHealthCheck(IServiceProvider services, string? serviceKey)
    {
        ArgumentNullException.ThrowIfNull(services);
        (_services, _serviceKey) = (services, serviceKey);
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult(Answer(_serviceKey is null
                ? _services.GetRequiredService<SwanPredictionEnginePool<TData, TPrediction>>()
                : _services.GetRequiredKeyedService<SwanPredictionEnginePool<TData, TPrediction>>(_serviceKey)));
        }
        catch (Exception e)
        {
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, $"The pool can't be opened: {e.Message}", e));
        }
    }

    private static HealthCheckResult Answer(SwanPredictionEnginePool<TData, TPrediction> pool)
    {
        int version = pool.Version;
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["version"] = version };
        return pool.LastFault is { } fault
            ? HealthCheckResult.Degraded($"The new pipeline can't be served; version {version} answers: {fault}", data: data)
            : HealthCheckResult.Healthy($"Version {version} answers.", data);
    }
}
