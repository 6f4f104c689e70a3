using System.Text.Json.Nodes;
using Swan.Batch;
using Swan.MLNet.Numerics;
using static System.FormattableString;

namespace Swan.Cli.Display;

/// <summary>Says what a run embeds, and what that takes.</summary>
internal static class PlanDisplay
{
    /// <summary>Writes a plan for people.</summary>
    /// <param name="plan">The plan; null where nothing has changed.</param>
    /// <param name="pricePerHour">Of a machine; null: no price is named.</param>
    public static void Write(BatchPlan? plan, double? pricePerHour)
    {
        if (plan is null)
        {
            Console.WriteLine("0 shards: nothing has changed.");
            return;
        }
        Console.WriteLine($"{Counted.Of(plan.Shards, "shard")}.");
        if (plan.Estimate is not { } estimate) return;
        Console.WriteLine($"Estimated from {Counted.Of(estimate.Images, "image")}: "
            + $"{Amounts.Time(estimate.Elapsed)} on a machine like this one, "
            + $"{Amounts.Time(estimate.ProcessorTime)} of processor time, {Amounts.Bytes(estimate.BytesRead)} to read, "
            + $"{Amounts.Bytes(estimate.BytesWritten)} to write.");
        if (estimate.RowsReused > 0)
        {
            Console.WriteLine(Invariant($"Of {Counted.Of(plan.Rows, "image")}, about {estimate.RowsReused:N0} ")
                + "have content that was embedded before; their embeddings are reused.");
        }
        if (pricePerHour is { } price)
            Console.WriteLine(Invariant($"At {price} per hour of such a machine: {estimate.Elapsed.TotalHours * price:F2}."));
    }

    /// <summary>The same for programs.</summary>
    public static JsonObject ToJson(BatchPlan? plan, double? pricePerHour) => new()
    {
        ["run"] = plan?.Run,
        ["shards"] = plan?.Shards ?? 0,
        ["rows"] = plan?.Rows ?? 0,
        ["new"] = plan?.New ?? 0,
        ["changed"] = plan?.Changed ?? 0,
        ["again"] = plan?.Again ?? 0,
        ["unchanged"] = plan?.Unchanged,
        ["gone"] = plan?.Gone ?? 0,
        ["estimate"] = plan?.Estimate is not { } estimate ? null : new JsonObject
        {
            ["images"] = estimate.Images,
            ["seconds"] = Math.Round(estimate.Elapsed.TotalSeconds, 1),
            ["processorSeconds"] = Math.Round(estimate.ProcessorTime.TotalSeconds, 1),
            ["rowsReused"] = estimate.RowsReused,
            ["bytesRead"] = estimate.BytesRead,
            ["bytesWritten"] = estimate.BytesWritten,
            ["price"] = pricePerHour is { } price ? Math.Round(estimate.Elapsed.TotalHours * price, 4) : null,
        },
    };
}
