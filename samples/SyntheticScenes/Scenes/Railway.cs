using SkiaSharp;
using static SyntheticScenes.Grammar;
using static SyntheticScenes.Pen;

namespace SyntheticScenes;

/// <summary>Parallel tracks with trains, a platform with a roof, perhaps a road over them.</summary>
internal sealed class Railway : Scene
{
    public override string[] Draw(Pen pen)
    {
        Paint ground = pen.Any<Paint>(Paint.Grounds),
            wagon = pen.Any(Paint.Red, Paint.Blue, Paint.White, Paint.Yellow, Paint.Green, Paint.Orange),
            roof = pen.Any(Paint.Gray, Paint.White, Paint.Brown);
        int tracks = pen.Some(2, 6), trains = pen.Some(0, Math.Min(3, tracks));
        string beside = pen.Any("station", "trees", "houses");
        bool overpass = pen.Chance(0.35);
        pen.Ground(ground);

        float pitch = 17, first = -30 - pitch * (tracks - 1) / 2;
        using SKPath bed = Box(0, -30, 2 * Reach, pitch * tracks + 6);
        pen.Fill(bed, pen.Shade(new SKColor(0xFF8B8178)));
        pen.Texture(bed, 0.3f, 80);
        int[] order = [.. Enumerable.Range(0, tracks)];
        pen.Random.Shuffle(order);
        for (int track = 0; track < tracks; track++)
        {
            float y = first + track * pitch;
            pen.Line(-Reach, y, Reach, y, 8.5f, new SKColor(0xFF5A4A3E), [2, 4]);
            foreach (float rail in (ReadOnlySpan<float>)[y - 2.6f, y + 2.6f])
                pen.Line(-Reach, rail, Reach, rail, 1.1f, new SKColor(0xFFCFCBC2));
        }

        foreach (int track in order.Take(trains))
        {
            int wagons = pen.Some(3, 5);
            float left = pen.Between(-100, 100 - wagons * 31);
            for (int i = 0; i < wagons; i++)
            {
                using SKPath body = Box(left + 15 + i * 31, first + track * pitch, 29, 10, 2),
                    spine = Box(left + 15 + i * 31, first + track * pitch, 25, 3);
                pen.Raise(body, pen.Shade(wagon.Color, 5), 5);
                pen.Fill(spine, Mix(wagon.Color, SKColors.White, 0.35f));
            }
        }

        float edge = -30 + (pitch * tracks + 6) / 2;
        switch (beside)
        {
            case "station":
                using (SKPath platform = Box(0, edge + 9, 220, 13)) pen.Raise(platform, new SKColor(0xFFC6C2B8), 2);
                pen.Building(0, edge + 34, pen.Between(90, 160), 25, roof.Color);
                break;
            case "trees": pen.Trees(36, -112, edge + 12, 112, edge + 44); break;
            default:
                for (float x = -84; x <= 84; x += 42) pen.House(x, edge + 30, 29, 20, pen.Any(Paint.Red, Paint.Brown, Paint.Gray).Color);
                break;
        }

        if (overpass)
        {
            float x = pen.Between(-70, 70);
            using SKPath deck = Box(x, 0, 21, 2 * Reach);
            pen.Raise(deck, new SKColor(0xFFBDB9AF), 9);
            pen.Line(x, -Reach, x, Reach, 16, new SKColor(0xFF66686E));
            pen.Line(x, -Reach, x, Reach, 1.2f, SKColors.White, [6, 6]);
        }

        string several = trains == 0 ? "no trains" : Some(trains, $"{wagon.Word} train"), rails = Some(tracks, "parallel track"),
            next = beside == "station" ? $"a {roof.Word} station" : beside;
        string over = overpass ? "a road over the tracks" : "no road over the tracks";
        return
        [
            $"{several} on {rails} [beside|next to] {next}",
            $"a railway with {rails} on {ground.Word} and {several}",
            $"{rails} of a railway with {over}",
            $"{several} {Are(trains)} on the railway [near|beside] {next}",
            $"{next} [beside|along] {Count(tracks, "railway track")} with {several}",
            $"railway tracks on {ground.Word} with {several} and {over}",
            $"[railway tracks|a railway] [with {several}|beside {next}|on {ground.Word}]",
        ];
    }
}
