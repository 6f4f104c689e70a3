using Microsoft.Extensions.Diagnostics.HealthChecks;
using SceneSearch.Web.Galleries;

namespace SceneSearch.Web.Endpoints;

/// <summary>Ready: the model has encoded a text, and the index can be read.</summary>
internal sealed class ReadyCheck(WarmUp warmUp, IGallery gallery) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!warmUp.IsDone) return Task.FromResult(HealthCheckResult.Unhealthy("The model is being opened."));
        try
        {
            return Task.FromResult(HealthCheckResult.Healthy($"{gallery.Count} can be found."));
        }
        catch (Exception e)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy("The index can't be read.", e));
        }
    }
}
