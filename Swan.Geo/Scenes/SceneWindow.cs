using System.Globalization;

namespace Swan.Geo.Scenes;

/// <summary>A rectangle of a scene's pixels, which is a square on the ground or in pixels.</summary>
/// <param name="Column">Its first column, from 0 at the left.</param>
/// <param name="Row">Its first row, from 0 at the top.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows; as many as columns, but where a pixel's sides differ on the ground.</param>
internal readonly record struct SceneWindow(int Column, int Row, int Width, int Height)
{
    /// <summary>Where it lies, as keys have it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Column},{Row},{Width},{Height}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static SceneWindow Parse(ReadOnlySpan<char> text)
    {
        Span<Range> parts = stackalloc Range[5];
        if (text.Split(parts, ',') != 4) throw new FormatException($"'{text}' is not a window; expected column, row, width and height.");
        return new(Number(text[parts[0]]), Number(text[parts[1]]), Number(text[parts[2]]), Number(text[parts[3]]));

        static int Number(ReadOnlySpan<char> part) => int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
