export const Logo = () => <img class="logo" src="/assets/icon.svg" alt="" width="40" height="40" />
