using Parquet;
using Parquet.Schema;
using Swan.Batch.Sources;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Output;

/// <summary>A Parquet manifest of two images, with a column of each type that a job keeps.</summary>
internal static class WrittenManifest
{
    /// <summary>In UTC, where a column knows that.</summary>
    public static readonly DateTime Time = new(2026, 11, 29, 12, 34, 56, 789, DateTimeKind.Utc);

    /// <summary>The names of the columns that are kept.</summary>
    public static readonly string[] Kept = ["text", "bool", "int", "long", "float", "double", "millis", "micros", "nanos", "day"];

    /// <summary>Draws the images, writes the manifest, and runs a job over it.</summary>
    public static async Task RunAsync(BatchFolder folder, BatchPrecision precision = BatchPrecision.Single)
    {
        await WriteAsync(folder.File("manifest.parquet"), folder.Draw(2));
        using ManifestSource source = await ManifestSource.OpenAsync(
            new FolderStore(Path.GetDirectoryName(folder.Images)!), "manifest.parquet", root: folder.Images,
            cancellationToken: TestContext.Current.CancellationToken);
        await folder.RunAsync(o => (o.Source, o.Precision) = (source, precision));
    }

    private static async Task WriteAsync(string path, string[] images)
    {
        DataField[] fields =
        [
            new DataField<string>("path", nullable: false), new DataField<string>("text"), new DataField<bool>("bool", nullable: true),
            new DataField<int>("int", nullable: true), new DataField<long>("long"), new DataField<float>("float"),
            new DataField<double>("double", nullable: true),
            new DateTimeDataField("millis", DateTimeFormat.Timestamp, isAdjustedToUTC: false, unit: DateTimeTimeUnit.Millis),
            new DateTimeDataField(
                "micros", DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros, isNullable: true),
            new DateTimeDataField("nanos", DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Nanos),
            new DateTimeDataField("day", DateTimeFormat.Date),
        ];
        await using FileStream file = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema([.. fields]), file);
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        await group.WriteAsync(fields[0], images);
        await group.WriteAsync(fields[1], (string[])["é", null!]);
        await group.WriteAsync<bool>(fields[2], new bool?[] { true, null });
        await group.WriteAsync<int>(fields[3], new int?[] { null, int.MinValue });
        await group.WriteAsync<long>(fields[4], new[] { long.MaxValue, 0 });
        await group.WriteAsync<float>(fields[5], new[] { 0.1f, float.NaN });
        await group.WriteAsync<double>(fields[6], new double?[] { 1e300, null });
        await group.WriteAsync<DateTime>(fields[7], new[] { Time, Time });
        await group.WriteAsync<DateTime>(fields[8], new DateTime?[] { Time.AddTicks(10), null });
        await group.WriteAsync<DateTime>(fields[9], new[] { Time.AddTicks(1), Time });
        await group.WriteAsync<DateTime>(fields[10], new[] { Time.Date, Time.Date });
    }
}
