using Microsoft.Playwright;

namespace Swan.SceneSearch.Tests.Page;

public sealed class KeyboardTests(Chromium chromium, ServedLand land) : IClassFixture<Chromium>, IClassFixture<ServedLand>
{
    [Fact]
    public async Task Everything_can_be_done_without_a_mouse()
    {
        await using OpenPage page = await chromium.OpenAsync(land.Server.Address);
        IKeyboard keys = page.Page.Keyboard;
        Assert.Equal("text", await FocusAsync(page));
        await keys.TypeAsync("tennis courts");
        await page.AnsweredAsync("tennis courts");
        await keys.PressAsync("ArrowDown");
        Assert.Equal("hit-0", await FocusAsync(page));
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("ArrowDown");
        Assert.Equal("hit-2", await FocusAsync(page));
        await keys.PressAsync("ArrowUp");
        Assert.Equal("hit-1", await FocusAsync(page));
        await Assertions.Expect(page.Hits.Nth(1)).ToHaveAttributeAsync("aria-selected", "true");

        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Details).ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        await Assertions.Expect(page.Details).Not.ToBeVisibleAsync();
        Assert.Equal("hit-1", await FocusAsync(page));

        await keys.PressAsync("m");
        await Assertions.Expect(page.Status).ToContainTextAsync("look alike");
        await page.Text.FocusAsync();
        await keys.TypeAsync("tennis courts");
        await page.AnsweredAsync("tennis courts");
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Escape");
        Assert.Equal("text", await FocusAsync(page));
    }

    [Fact]
    public async Task A_box_is_given_by_numbers_or_by_the_screen()
    {
        await using OpenPage page = await chromium.OpenAsync(land.Server.Address);
        IKeyboard keys = page.Page.Keyboard;
        await page.SearchAsync("tennis courts");
        int everywhere = await page.Hits.CountAsync();
        await OpenBoxAsync(page);
        foreach (string side in (string[])["691000", "5332400", "692000", "5334000"])
        {
            await keys.TypeAsync(side);
            await keys.PressAsync("Tab");
        }
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Status).ToContainTextAsync("inside the box");
        int inside = await page.Hits.CountAsync();
        Assert.InRange(inside, 1, everywhere - 1);

        // The whole map is on the screen; what has no coordinates is not in the box.
        await OpenBoxAsync(page);
        await page.Page.Locator("#box-screen").FocusAsync();
        await keys.PressAsync("Enter");
        await page.UntilAsync("inside => document.querySelectorAll('#list li').length > inside", inside);
        await Assertions.Expect(page.Status).ToContainTextAsync("inside the box");

        await OpenBoxAsync(page);
        await keys.PressAsync("Control+A");
        await keys.TypeAsync("9999999");
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Page.Locator("#box-fault")).ToContainTextAsync("West must be less than east");
        await keys.PressAsync("Escape");
        await Assertions.Expect(page.Page.Locator("#box-panel")).Not.ToBeVisibleAsync();
    }

    [Fact]
    public async Task Every_control_has_a_name_and_shows_its_focus()
    {
        await using OpenPage page = await chromium.OpenAsync(land.Server.Address);
        await page.SearchAsync("tennis courts");
        var seen = new List<string>();
        await page.Text.FocusAsync();
        for (int i = 0; i < 30; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            string id = await page.Page.EvaluateAsync<string>(
                """
                () => {
                  const element = document.activeElement;
                  if (element === document.body) return "";
                  const named = element.getAttribute("aria-label") ?? element.title ?? "", text = element.innerText?.trim() ?? "";
                  const label = element.labels?.[0]?.innerText ?? "";
                  const style = getComputedStyle(element);
                  const isSeen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
                  const name = element.id || element.className || element.tagName;
                  return `${name} ${named || text || label ? "named" : "UNNAMED"} ${isSeen ? "seen" : "UNSEEN"}`;
                }
                """);
            if (id.Length == 0) break;
            seen.Add(id);
        }
        Assert.DoesNotContain(seen, s => s.Contains("UNNAMED", StringComparison.Ordinal) || s.Contains("UNSEEN", StringComparison.Ordinal));
        Assert.Contains(seen, s => s.StartsWith("hit-0 ", StringComparison.Ordinal));
        Assert.Contains(seen, s => s.StartsWith("map ", StringComparison.Ordinal));
        Assert.Contains(seen, s => s.StartsWith("group ", StringComparison.Ordinal));
    }

    private static async Task OpenBoxAsync(OpenPage page)
    {
        await page.Page.Locator("#open-box").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Page.Locator("#box-panel [name=west]")).ToBeFocusedAsync();
    }

    private static Task<string> FocusAsync(OpenPage page) => page.Page.EvaluateAsync<string>("document.activeElement.id");
}
