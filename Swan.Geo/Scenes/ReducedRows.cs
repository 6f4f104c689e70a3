namespace Swan.Geo.Scenes;

/// <summary>
/// The last rows of a panel of a scene, averaged as one grid of windows wants them; as many as a window has, so that each row of windows is
/// complete when its last row comes.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
internal sealed class ReducedRows
{
    private readonly WindowGrid _grid;
    private readonly int _factor, _lines, _left, _panelWidth;
    private readonly int[] _columns;
    private readonly byte[] _ring;
    private readonly int[] _sums;
    private int _added, _next;

    /// <param name="grid">The windows.</param>
    /// <param name="panel">Which of them, and which columns of the scene they are of.</param>
    public ReducedRows(WindowGrid grid, ScenePanel panel)
    {
        _grid = grid;
        (_factor, _lines) = (grid.Across.Factor, grid.Down.Factor);
        _columns = [.. grid.Across.Places.Where(c => panel.Has(c, grid.Across.Size))];
        // The panel begins at a multiple of all factors.
        (_left, _panelWidth) = (panel.Left, panel.Width / _factor);
        (Width, Height) = (grid.Across.Size / _factor, grid.Down.Size / _lines);
        _ring = new byte[_columns.Length == 0 ? 0 : checked(_panelWidth * Height * 4)];
        _sums = new int[IsPlain || _columns.Length == 0 ? 0 : _panelWidth * 4];
    }

    /// <summary>Columns of a window's picture.</summary>
    public int Width { get; }

    /// <summary>Rows of a window's picture.</summary>
    public int Height { get; }

    /// <summary>The windows that the last row completed; none where it completed none.</summary>
    public IEnumerable<SceneWindow> Completed { get; private set; } = [];

    private bool IsPlain => _factor == 1 && _lines == 1;

    /// <summary>Adds the panel's next row.</summary>
    /// <param name="row">Four bytes a pixel: blue, green, red, and 255 or 0.</param>
    public void Add(ReadOnlySpan<byte> row)
    {
        Completed = [];
        if (_columns.Length == 0 || _next == _grid.Down.Places.Length) return;
        Span<byte> to = _ring.AsSpan(_added / _lines % Height * _panelWidth * 4, _panelWidth * 4);
        if (IsPlain) row[..to.Length].CopyTo(to);
        else Average(row, to);
        _added++;
        int first = _grid.Down.Places[_next];
        if (_added != first + _grid.Down.Size) return;
        _next++;
        Completed = _columns.Select(column => _grid.Window(column, first));
    }

    /// <summary>The picture of a window that is complete.</summary>
    /// <param name="window">One of <see cref="Completed"/>.</param>
    /// <param name="pixels">Four bytes a pixel, as rows have them.</param>
    public void CopyTo(SceneWindow window, Span<byte> pixels)
    {
        int first = window.Row / _lines, from = (window.Column - _left) / _factor * 4, bytes = Width * 4;
        for (int y = 0; y < Height; y++)
            _ring.AsSpan((first + y) % Height * _panelWidth * 4 + from, bytes).CopyTo(pixels[(y * bytes)..]);
    }

    private void Average(ReadOnlySpan<byte> row, Span<byte> to)
    {
        if (_added % _lines == 0) Array.Clear(_sums);
        for (int s = 0, at = 0; s < _sums.Length; s += 4)
        {
            int blue = 0, green = 0, red = 0, data = 0;
            for (int i = 0; i < _factor; i++, at += 4)
            {
                blue += row[at];
                green += row[at + 1];
                red += row[at + 2];
                data += row[at + 3];
            }
            _sums[s] += blue;
            _sums[s + 1] += green;
            _sums[s + 2] += red;
            _sums[s + 3] += data;
        }
        if (_added % _lines < _lines - 1) return;
        for (int s = 0; s < _sums.Length; s += 4)
        {
            // Pixels without data are black, and would darken those that have.
            int count = _sums[s + 3] / byte.MaxValue;
            for (int c = 0; c < 3; c++) to[s + c] = count == 0 ? (byte)0 : (byte)((_sums[s + c] + count / 2) / count);
            to[s + 3] = (byte)(_sums[s + 3] / (_factor * _lines));
        }
    }
}
