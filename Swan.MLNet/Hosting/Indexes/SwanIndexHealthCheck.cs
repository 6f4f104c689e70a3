using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Swan.MLNet.Search;

namespace Swan.MLNet.Hosting;

/// <summary>Reports whether a hosted living index answers, and whether from its folder's latest state.</summary>
/// <remarks>
/// Healthy: it is open and up to date; the result has <c>generation</c>, <c>rows</c> and <c>folder</c>. Degraded: the folder can't be read
/// now or is damaged, so an older state answers. The registration's failure status: the index can't be opened. A check accesses the folder
/// once and reads no rows. Safe for concurrent use.
/// <example>
/// <code>
/// builder.Services.AddSwanIndex("gallery");
/// builder.Services.AddHealthChecks().AddCheck&lt;SwanIndexHealthCheck>("gallery");
/// </code>
/// </example>
/// </remarks>
public sealed class SwanIndexHealthCheck : IHealthCheck
{
    private readonly IServiceProvider _services;
    private readonly string? _serviceKey;

    /// <summary>Checks the index of <c>AddSwanIndex</c>.</summary>
    /// <param name="services">The application's.</param>
    public SwanIndexHealthCheck(IServiceProvider services)
        : this(services, null)
    {
    }

    /// <summary>Checks an index of <c>AddKeyedSwanIndex</c>.</summary>
    /// <param name="services">The application's.</param>
    /// <param name="serviceKey">The key; null: the index of <c>AddSwanIndex</c>.</param>
    public SwanIndexHealthCheck(IServiceProvider services, string? serviceKey)
    {
        ArgumentNullException.ThrowIfNull(services);
        (_services, _serviceKey) = (services, serviceKey);
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        cancellationToken.ThrowIfCancellationRequested();
        IndexFollower follower;
        try
        {
            follower = _services.Own<IndexFollower>(_serviceKey);
        }
        catch (Exception e)
        {
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, $"The index can't be opened: {e.Message}", e));
        }
        return Task.FromResult(Answer(follower));
    }

    private static HealthCheckResult Answer(IndexFollower follower)
    {
        Exception? fault = follower.Look();
        SwanLiveIndex index = follower.Index;
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["generation"] = index.Generation, ["rows"] = index.Count, ["folder"] = index.Folder,
        };
        return fault is null
            ? HealthCheckResult.Healthy($"Generation {index.Generation} of '{index.Folder}' answers.", data)
            : HealthCheckResult.Degraded(
                $"'{index.Folder}' can't be read now; generation {index.Generation} answers: {fault.Message}", fault, data);
    }
}
