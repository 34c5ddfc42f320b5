/** What the clocks of promises and the figures say. Part of `zh.ts`. */
export const zhClocks = {
  clockState: { running: '剩', warned: '临限 剩', paused: '已暂停 余', breached: '超', kept: '达标', broken: '超时' },
  clocks: {
    label: '时限',
    pause: '暂停办结计时',
    resume: '恢复计时',
    why: '办结计时因何暂停（如等待第三方），记入本件',
    paused: '{name} {time} 暂停：{reason}',
    pausedFor: '共停 {span}',
    assumed: '{year}年放假安排未录入，按周一至周五计',
  },
};
