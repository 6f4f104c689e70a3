using System.Buffers.Binary;
using Swan.Geo.Coordinates;
using Swan.Geo.Rasters;
using Swan.Geo.Scenes;
using Swan.Geo.Search;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.Benchmarks.Scenes;

/// <summary>An index of scenes whose windows have embeddings at random: for measuring searches, not what they find.</summary>
internal static class MadeSceneIndex
{
    private const int Texture = 509, Dark = 180, Step = 7;

    /// <summary>Writes a scene of four bands and 16 bits, links as many others to it as are wanted, and indexes all.</summary>
    /// <param name="folder">Receives the folders scenes and index.</param>
    /// <param name="windows">At least so many.</param>
    /// <param name="side">Columns, and rows, of a scene.</param>
    /// <param name="card">The model whose index it looks like.</param>
    /// <returns>Windows.</returns>
    public static long Write(string folder, long windows, int side, ModelCard card)
    {
        string scenes = Directory.CreateDirectory(Path.Combine(folder, "scenes")).FullName, index = Path.Combine(folder, "index");
        string first = Path.Combine(scenes, "scene-000.tif");
        WriteScene(first, side);
        var options = new SwanSceneOptions { Rule = card.Image.Range };
        var at = new SceneIndexFolder(index);
        var settings = new SwanIndexSettings(card.EmbeddingSize) { Model = card.Identity, Columns = SceneValues.Columns };
        using var rows = SwanLiveIndex.Create(at.Rows, settings);
        using SwanIndexWriter writer = rows.OpenWriter();
        using var scene = Scene.Open(first, options, CancellationToken.None);
        var records = new List<SceneRecord>();
        var random = new Random(1);
        float[] embedding = new float[card.EmbeddingSize];
        while (writer.Count < windows)
        {
            string path = Path.Combine(scenes, $"scene-{records.Count:000}.tif");
            if (path != first) File.CreateSymbolicLink(path, first);
            PendingScene pending = PendingScene.Look(SceneFile.Of(scenes, path), options, CancellationToken.None)
                with { Hash = $"{records.Count:x8}" };
            // Beside each other, so that windows of two scenes don't cover each other.
            PixelTransform own = scene.Place!.Transform;
            double east = own.OriginX + (records.Count % 4 - 2) * side * own.ColumnX;
            double south = own.OriginY + records.Count / 4 * side * own.RowY;
            var place = new Georeference(own with { OriginX = east, OriginY = south }, scene.Place.CoordinateSystem, side, side);
            foreach (SceneWindow window in scene.Grids.SelectMany(g => g.Windows))
            {
                for (int i = 0; i < embedding.Length; i++) embedding[i] = random.NextSingle() - 0.5f;
                writer.Upsert($"{SceneIndexing.Prefix(pending.File.Name, pending.Hash)}#{window}", embedding,
                    SceneValues.Of(pending.File.Name, window, place, scene.Date));
            }
            records.Add(pending.Record(scene, scene.Count) with
            {
                Transform = [east, own.ColumnX, own.RowX, south, own.ColumnY, own.RowY],
            });
        }
        writer.Commit();
        new SceneList { Folder = scenes, Windows = WindowRule.Of(options), Scenes = records }.Write(index);
        return writer.Count;
    }

    private static void WriteScene(string path, int side)
    {
        const double MetersPerPixel = 320.0 / Mosaic.Cell;
        var texture = new byte[Texture * Texture];
        new Random(2).NextBytes(texture);
        using FileStream stream = File.Create(path);
        var writer = new GeoTiffWriter(stream, new RasterFormat(side, side, 4, TiffSampleType.UInt16)
        {
            Geo = new GeoTags([MetersPerPixel, MetersPerPixel, 0], [0, 0, 0, 500_000, 5_300_000, 0], null,
                [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32632], null, null),
        });
        var rows = new byte[side * GeoTiffWriter.TileSide * 8];
        for (int y = 0; y < side; y += GeoTiffWriter.TileSide)
        {
            int count = Math.Min(GeoTiffWriter.TileSide, side - y);
            for (int row = 0, to = 0; row < count; row++)
            {
                for (int x = 0; x < side; x++)
                {
                    // Fields of some hundred meters with grain.
                    int land = 40 + (x / 300 * 37 + (y + row) / 220 * 61) % 150;
                    int grain = texture[(y + row) % Texture * Texture + x % Texture] / 5;
                    for (int band = 0; band < 4; band++, to += 2)
                        BinaryPrimitives.WriteUInt16LittleEndian(rows.AsSpan(to), (ushort)(Dark + Step * (land + grain + 9 * band)));
                }
            }
            writer.Write(0, y, side, count, rows.AsSpan(0, count * side * 8));
        }
        writer.Complete();
    }
}
